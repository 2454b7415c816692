/** What stands in ClickHouse, and the questions asked of it. */
export * from "./queries/port.ts";
