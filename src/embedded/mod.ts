/** Parts that run inside the platform when no URL of a server is given. */
export { type ClickHouseOptions, openClickHouse, QUIET } from "./chdb.ts";
export { type Connection, type Connections, openConnections } from "./connections.ts";
export { type DataDir, DataDirError, openDataDir } from "./data_dir.ts";
export { EmbeddedError } from "./errors.ts";
export { exitAtOnce } from "./exit_at_once.ts";
export { insertRows, type Rows } from "./insert_rows.ts";
export { literal } from "./literals.ts";
export { type NatsOptions, type NatsServer, startNats } from "./nats.ts";
export { findNats, type FindNatsOptions } from "./nats_binary.ts";
export { startTestNats, type TestNats, testNatsBinary, withNats } from "./test_nats.ts";
export { openStreams, type Streams } from "./streams.ts";
export { startTestClickHouse, type TestClickHouse } from "./test_clickhouse.ts";
