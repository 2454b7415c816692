/** The columns of the schema (../schema) that queries read, for Kysely. */

/** Only its key: all other columns are read through expressions (delivery.ts). Read with FINAL. */
export interface DeliveriesTable {
  account: string;
  day: string;
  message: string;
  rcpt: number;
}

/** Read with FINAL, through `hits()` (hits.ts). */
export interface HitsTable {
  account: string;
  day: string;
  message: string;
  rcpt: number;
  id: string;
  kind: "open" | "click";
  link: number;
  url: string;
  campaign: string;
  actor: string;
  reason: string;
  revoked: string;
  machine: number;
  device_type: string;
  brand: string;
  model: string;
  os: string;
  os_version: string;
  browser: string;
  browser_version: string;
  mail_client: string;
  support: string;
  ip: string;
  language: string;
  since_sent: number;
}

export interface FactsTable {
  seq: number;
  idx: number;
  recorded: string;
  at: string;
  id: string;
  type: string;
  account: string;
  day: string;
  message: string;
  rcpt: number;
  address: string;
  pool: string;
  provider: string;
  reply: string;
  class: string;
  actor: string;
  reason: string;
  machine: number;
  revokes: string[];
  data: string;
}

/** Read with FINAL. */
export interface SuppressionsTable {
  account: string;
  recipient: string;
  listed: number;
  at: string;
  reason: string;
  source: string;
  note: string;
  done_by: string;
  message: string;
}

/** Of several rows of one day, the maxima count. */
export interface DaysTable {
  account: string;
  day: string;
  touched: number;
  counted: number;
}

/** Read with FINAL. */
export interface DayCellsTable {
  account: string;
  dimension: string;
  length: number;
  slot: string;
  day: string;
  key: string[];
  version: number;
  counts: number[];
}

export interface Tables {
  day_cells: DayCellsTable;
  days: DaysTable;
  deliveries: DeliveriesTable;
  facts: FactsTable;
  hits: HitsTable;
  suppressions: SuppressionsTable;
}
