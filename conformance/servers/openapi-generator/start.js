// Starts the generated server on the port that is given as an argument.
const ExpressServer = require('./generated/expressServer');
const config = require('./generated/config');

new ExpressServer(Number(process.argv[2]), config.OPENAPI_YAML).launch();
