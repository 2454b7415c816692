/** The columns of the schema (../schema) that queries read, for Kysely. */

/** Only its key: all other columns are read through aggregate functions (delivery.ts). */
export interface DeliveriesTable {
  account: string;
  day: string;
  message: string;
  rcpt: number;
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
  machine: number;
  data: string;
}

/** Read with `final` only. */
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

export interface Tables {
  deliveries: DeliveriesTable;
  facts: FactsTable;
  suppressions: SuppressionsTable;
}
