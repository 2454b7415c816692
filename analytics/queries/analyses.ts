/** Further questions of the port, about groups, reactions and bounces: what they take and give. */
import type { FieldName } from "./fields.ts";
import type { Filter } from "./filter.ts";
import type { MessageFilter, Page } from "./port.ts";

export interface GroupPage {
  groupBy: FieldName;
  /** `count` or `key`, `-` before it for descending; default `-count`. */
  sort?: string;
  limit: number;
  cursor?: string;
  /** Where days begin; default UTC. */
  timezone?: string;
}

/** Messages that share the value of a column. */
export interface Group {
  /** Null: nothing stands there. Of a time: the start of the day, ms UTC. */
  key: string | number | boolean | null;
  count: number;
  /** Lists them, beside the filter that was asked for. */
  where: Filter;
}

export interface Analyses {
  groups(account: string, filter: MessageFilter, page: GroupPage): Promise<Page<Group>>;
}
