/** Numbers and lists for pages and API, in ClickHouse: schema, loader, queries. */
export { createQueries } from "./queries/mod.ts";
export {
  type Analyses,
  BOUNCE_KEYS,
  type BounceKey,
  type BounceQuestion,
  type Bounces,
  type Cell,
  type Clicks,
  type Dimension,
  type Group,
  type GroupPage,
  type Heat,
  type HitRow,
  INTERVALS,
  type OwnField,
  type ReactionQuestion,
  type Reactions,
  type Scope,
  type SendingHour,
  type Series,
  TECHNICAL_KEYS,
  type TechnicalKey,
  type Unit,
  UNITS,
} from "./queries/analyses.ts";
export { type ColumnName, FIELD_NAMES, isColumnName, isOwnField } from "./queries/fields.ts";
export {
  BadFilterError,
  type Condition,
  type Filter,
  FILTER_LIMITS,
  type Operator,
  OPERATORS,
  readFilter,
} from "./queries/filter.ts";
export {
  type ArrivalRow,
  type AttemptFilter,
  type AttemptRow,
  type Attention,
  ATTENTIONS,
  BadQueryError,
  type Figures,
  type Grouping,
  GROUPINGS,
  HITS_OF_COPY,
  type MessageDetail,
  type MessageFilter,
  type MessageHead,
  type MessageRow,
  type Outcomes,
  type Page,
  type Queries,
  type ReputationRow,
  type Stats,
  type SuppressionFilter,
  type SuppressionRow,
  type TimelineEvent,
  type Window,
  WINDOWS,
} from "./queries/port.ts";
export { ACTORS } from "./load/classify/mod.ts";
export { readingDatabase } from "./schema/cluster.ts";
export { DEFAULT_DATABASE } from "./schema/database.ts";
export { migrate, SchemaError } from "./schema/migrate.ts";
export type { LoaderOptions } from "./load/load.ts";
export { runLoader } from "./load/loader.ts";
export type { Comparison } from "./load/rebuild/compare.ts";
export { rebuild, type RebuildOptions } from "./load/rebuild/rebuild.ts";
export { Rebuilds, type RebuildState } from "./load/rebuild/rebuilds.ts";
export { createExports, type Exports } from "./export/mod.ts";
export { MESSAGE_FILE_COLUMNS } from "./export/messages.ts";
export { fileOf, type FileOptions } from "./export/file.ts";
export { type Filled, filledGrid, type Grid, gridOf, UnknownColumnError } from "./export/grid.ts";
export { csvLine } from "./export/write/csv.ts";
export { type Format, FORMATS, MEDIA, TooManyRowsError } from "./export/write/writer.ts";
export { createEmbeddedSql } from "./sql/embedded.ts";
export { SqlError } from "./sql/error.ts";
export { LIMITS as SQL_LIMITS } from "./sql/limits.ts";
export {
  type Sql,
  SQL_FORMATS,
  type SqlFormat,
  type SqlQuestion,
  type SqlValue,
} from "./sql/port.ts";
export { createClickHouseUsers } from "./sql/tool_users.ts";
export { embeddedUsers } from "./sql/users.ts";
export { createServerSql, type ServerSqlOptions } from "./sql/server.ts";
