//! The contract test of a server of the "Update Call Agent" call.
