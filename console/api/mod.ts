/** The REST API under /api/v1. */
import { type Context, Hono } from "hono";
import { createLastUses } from "../auth/last_uses.ts";
import { type Principal, requires } from "../auth/principal.ts";
import type { Sessions } from "../auth/session.ts";
import type { ConsoleDeps, Env } from "../deps.ts";
import { clientOf } from "../web/client.ts";
import { createSlots } from "../web/slots.ts";
import { account } from "./account.ts";
import { accounts } from "./accounts.ts";
import { addresses } from "./addresses.ts";
import { advice } from "./advice.ts";
import { apiKeys } from "./api_keys.ts";
import { actFor, authenticate, platformOnly } from "./authenticate.ts";
import { bounces } from "./bounces.ts";
import { calendars } from "./calendars.ts";
import { consents } from "./consents.ts";
import { credentials } from "./credentials.ts";
import { domains } from "./domains.ts";
import { exportProgress } from "./export_progress.ts";
import { exports } from "./exports.ts";
import { links } from "./links.ts";
import { heatmap } from "./heatmap.ts";
import { hits } from "./hits.ts";
import { messages } from "./messages.ts";
import { messageSearch } from "./message_search.ts";
import { openApi } from "./openapi.ts";
import { ownFields } from "./own_fields.ts";
import { pools } from "./pools.ts";
import { reactions } from "./reactions.ts";
import { recipients } from "./recipients.ts";
import type { Route } from "./route.ts";
import { reputation } from "./reputation.ts";
import { sending } from "./send.ts";
import { senders } from "./senders.ts";
import { series } from "./series.ts";
import { shaping } from "./shaping.ts";
import { simulation } from "./simulation.ts";
import { sql } from "./sql.ts";
import { stats } from "./stats.ts";
import { suppressionFiles } from "./suppression_files.ts";
import { suppressions } from "./suppressions.ts";
import { tokenKeys } from "./token_keys.ts";
import { technical } from "./technical.ts";
import { users } from "./users.ts";
import { warmup } from "./warmup.ts";
import { why } from "./why.ts";

/** Files that may be written at a time: each has a thread, and one is not to take all. */
const FILES = { all: 6, each: 3 };
/** SQL queries at a time. */
const QUERIES = { all: 4, each: 2 };

/** What can be asked of an account. */
function accountRoutes(deps: ConsoleDeps): Route[] {
  const lastUses = createLastUses(deps);
  const slots = createSlots(FILES);
  return [
    // Before those that name a message: "search" and "groups" are none.
    ...messageSearch(deps),
    ...messages(deps),
    ...sending(deps),
    ...recipients(deps),
    ...ownFields(deps),
    ...heatmap(deps),
    ...hits(deps),
    ...stats(deps),
    // Before those that name an export: grids are none.
    ...exports({ ...deps, slots }),
    ...exportProgress({ ...deps, slots }),
    ...series(deps),
    ...bounces(deps),
    ...technical(deps),
    ...reactions(deps),
    ...sql({ ...deps, slots: createSlots(QUERIES) }),
    ...account(deps),
    ...credentials({ ...deps, lastUses }),
    ...apiKeys({ ...deps, lastUses }),
    ...users({ ...deps, lastUses }),
    ...senders(deps),
    ...domains(deps),
    // Before those that name a recipient: "export" and "import" are none.
    ...suppressionFiles(deps),
    ...suppressions(deps),
    ...consents(deps),
    ...links(deps),
    ...why(deps),
    ...addresses(deps),
    ...warmup(deps),
    ...reputation(deps),
    ...simulation(deps),
    ...pools(deps),
    ...calendars(deps),
    ...advice(deps),
  ];
}

export function api(deps: ConsoleDeps, sessions: Sessions): Hono<Env> {
  const settings = () => deps.settings.now;
  const all = [...accountRoutes(deps), ...accounts(deps), ...shaping(deps), ...tokenKeys(deps)];
  const [ofPlatform, ofAccount] = [true, false].map((is) =>
    all.filter(({ platform = false }) => platform === is)
  ) as [Route[], Route[]];
  const description = openApi(deps.publicUrl, [...ofAccount, ...ofPlatform]);

  return new Hono<Env>()
    .get("/openapi.json", (c) => c.json(description))
    .use(authenticate({ sessions, settings, seen }))
    .route("/", serving(ofAccount))
    .use("/accounts/:account/*", platformOnly, actFor(settings))
    .route("/", serving(ofPlatform, platformOnly))
    .route("/accounts/:account", serving(ofAccount));

  function seen(c: Context<Env>, { account, kind, name }: Principal): void {
    deps.access.used(account, kind, name, clientOf(c));
  }
}

function serving(
  routes: readonly Route[],
  ...first: readonly ReturnType<typeof requires>[]
): Hono<Env> {
  const app = new Hono<Env>();
  for (const { method, path, role, serve } of routes) {
    const verb = method.toUpperCase();
    const place = path.replaceAll(/\{(\w+)\}/g, ":$1");
    for (const guard of [...first, requires(role)]) app.on(verb, place, guard);
    app.on(verb, place, serve);
  }
  return app;
}
