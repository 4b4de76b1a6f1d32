//! URLs of PostgreSQL databases.

use callagent_server::PostgresConfig;

#[test]
fn urls() {
    let hosts = "expected a host with or without a port, such as `db.example:5432`, or the folder of a socket, such as \
                 `%2Fvar%2Frun%2Fpostgresql`";
    let escapes =
        "expected `@`, `/`, `?`, `#` and `%` in the user and the password as `%40`, `%2F`, `%3F`, `%23` and `%25`";
    let percent = "expected `%` only before two hexadecimal digits, and UTF-8 without NUL";
    let mode =
        "expected `disable`, `prefer`, `require` or `verify-full` as `sslmode`; certificates are always verified";
    let names = "expected only the parameters `sslmode`, `sslrootcert`, `pooler` and `connections`";
    let connections = "expected a number from 1 to 1024 as `connections`";
    for (url, expected) in [
        ("postgres://db", Ok("postgres://db:5432")),
        ("postgresql://db:7/", Ok("postgres://db:7")),
        ("postgres://me:SECRET@db/agents", Ok("postgres://me@db:5432/agents")),
        ("postgres://me:SEC%40%2F%3F%23%25:RET@db,db2:6/a%20b", Ok("postgres://me@db:5432,db2:6/a%20b")),
        ("postgres://me@[::1]:6/a", Ok("postgres://me@[::1]:6/a")),
        ("postgres://me@%2Fvar%2Frun/a", Ok("postgres://me@%2Fvar%2Frun:5432/a")),
        (
            "postgres://db?sslmode=require&sslrootcert=%2Fca.pem&pooler=transaction&connections=4",
            Ok("postgres://db:5432?sslmode=verify-full&sslrootcert=/ca.pem&pooler=transaction&connections=4"),
        ),
        ("postgres://me:SECRET@db?sslmode=prefer&connections=16", Ok("postgres://me@db:5432")),
        ("postgres:db", Err("expected a URL that begins with `postgres://`")),
        ("POSTGRES://db", Err("expected a URL that begins with `postgres://`")),
        ("postgres://", Err(hosts)),
        ("postgres:///agents", Err(hosts)),
        ("postgres://me:SECRET@/agents", Err(hosts)),
        ("postgres://me:SECRET@db:x", Err(hosts)),
        ("postgres://me:SECRET/agents", Err(hosts)),
        ("postgres://db,,db2", Err(hosts)),
        ("postgres://[::1]6", Err(hosts)),
        ("postgres://me:SE@CRET@db", Err(escapes)),
        ("postgres://me:SE/CRET@db", Err(escapes)),
        ("postgres://me:SE?CRET@db", Err(escapes)),
        ("postgres://me:SE#CRET@db", Err(escapes)),
        ("postgres://me:SE%CRET@db", Err(percent)),
        ("postgres://me:SECRET%@db", Err(percent)),
        ("postgres://me:SECRET%00@db", Err(percent)),
        ("postgres://me:%FFSECRET@db", Err(percent)),
        ("postgres://db?sslmode=verify-ca", Err(mode)),
        ("postgres://db?sslmode", Err(mode)),
        ("postgres://db?password=SECRET", Err(names)),
        ("postgres://db?pooler=session", Err("expected `transaction` as `pooler`")),
        ("postgres://db?connections=0", Err(connections)),
        ("postgres://db?connections=1025", Err(connections)),
    ] {
        let parsed = url.parse::<PostgresConfig>();
        assert!(!format!("{parsed:?}").contains("SEC"), "{parsed:?}");
        let found = parsed.as_ref().map(ToString::to_string).map_err(ToString::to_string);
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{url}");
        if let Ok(config) = parsed {
            assert_eq!(config.has_password(), url.contains("SEC"), "{url}");
            let again = config.to_string().parse::<PostgresConfig>().expect("a URL");
            assert_eq!(Ok(again.to_string()), found, "{url}");
        }
    }
}
