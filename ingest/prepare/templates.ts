/** Templates of messages with several recipients, kept while copies are made from them. */
import type { Template } from "@chappe/src/mail";

export interface TemplateCache {
  /** The template of that key; `make` is called once for all who ask while it is made or kept. */
  get(key: string, make: () => Promise<Template>): Promise<Template>;
  /** Memory held, bytes, roughly. */
  readonly weight: number;
}

/** @param limit bytes to hold at the most; what was asked for longest ago goes first */
export function createTemplateCache(limit: number): TemplateCache {
  const kept = new Map<string, Template>();
  const underWay = new Map<string, Promise<Template>>();
  let weight = 0;

  function keep(key: string, template: Template): void {
    kept.set(key, template);
    weight += template.weight;
    for (const [oldest, { weight: freed }] of kept) {
      if (weight <= limit) break;
      kept.delete(oldest);
      weight -= freed;
    }
  }

  return {
    get weight() {
      return weight;
    },
    async get(key, make) {
      const found = kept.get(key);
      if (found !== undefined) {
        kept.delete(key);
        kept.set(key, found);
        return found;
      }
      let making = underWay.get(key);
      if (making === undefined) {
        making = make().then((template) => {
          keep(key, template);
          return template;
        }).finally(() => underWay.delete(key));
        underWay.set(key, making);
      }
      return await making;
    },
  };
}
