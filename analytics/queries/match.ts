/** Which deliveries a filter lets through. */
import { type Kysely, type RawBuilder, sql } from "kysely";
import { conditionOf } from "./condition.ts";
import { sentDeliveries, statusRange } from "./delivery.ts";
import { narrowing } from "./narrow.ts";
import type { MessageFilter } from "./port.ts";
import type { Tables } from "./tables.ts";

/** What is asked of a delivery `d`, in place of the filter's own conditions. */
export interface Asked {
  where: RawBuilder<boolean> | undefined;
  /** Its status, or what was said of it without its hits. */
  statusKey: "status_key" | "said_key";
}

/** `filter.message` must be a UUID. */
export function matching(
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { where, statusKey }: Asked = {
    where: filter.where && conditionOf(filter.where),
    statusKey: "status_key",
  },
) {
  let found = sentDeliveries(db, account, filter);
  for (const holds of narrowing(db, account, filter)) found = found.where(holds);
  const { status } = filter;
  if (status !== undefined) {
    found = found.where(({ or, between }) =>
      or(status.map((name) => between(`d.${statusKey}`, ...statusRange(name))))
    );
  }
  for (const column of ["recipient", "sender", "subject"] as const) {
    const part = filter[column];
    if (part !== undefined) {
      found = found.where(
        sql<boolean>`positionCaseInsensitiveUTF8(${sql.ref(`d.${column}`)}, ${part}) > 0`,
      );
    }
  }
  if (filter.type !== undefined) found = found.where("d.kind", "=", filter.type);
  if (filter.campaign !== undefined) found = found.where("d.campaign", "=", filter.campaign);
  if (filter.reference !== undefined) {
    found = found.where("d.customer_reference", "=", filter.reference);
  }
  if (filter.billingCode !== undefined) {
    found = found.where("d.billing_code", "=", filter.billingCode);
  }
  for (const [key, value] of Object.entries(filter.attentions ?? {})) {
    found = found.where(sql<boolean>`JSONExtractString(d.headers, ${key}) = ${value}`);
  }
  if (filter.message !== undefined) {
    found = found.where(sql<boolean>`d.message = toUUID(${filter.message})`);
  }
  return where === undefined ? found : found.where(where);
}
