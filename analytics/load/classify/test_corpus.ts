/** The corpus: agents and sequences of hits, each labelled by a source that is not this classifier. */
import { type Actor, ACTORS, clientOf, judge, type JudgedHit, WINDOW_MS } from "./mod.ts";
import { type Answer, isHeldOut } from "./test_score.ts";

const CORPUS = new URL("./corpus/", import.meta.url);
/** When the sequences were sent, ms UTC. */
const SENT = Date.UTC(2026, 0, 5, 8);

/** What sources say of a client; `actor` stands beside them. */
export const ATTRIBUTES = [
  "mailClient",
  "os",
  "deviceType",
  "support",
  "brand",
  "browser",
] as const;
export type Attribute = typeof ATTRIBUTES[number];

/** One answer of a row: what its source says, and what the classifier does. */
export interface Labelled extends Answer {
  about: Attribute | "actor";
  /** What was read, for people. */
  text: string;
  heldOut: boolean;
}

interface AgentRow {
  agent: string;
  kind?: "open" | "click";
  hints?: Record<string, string>;
  is: Partial<Record<Attribute, string>> & { actor?: Actor };
  source: string;
}

interface Sequences {
  senders: Record<string, { agent: string; hints: Record<string, string>; ip: string }>;
  sequences: {
    name: string;
    source: string;
    hits: { after: number; kind: "open" | "click"; link: number | null; from: string; is: Actor }[];
  }[];
}

const read = (path: string) => JSON.parse(Deno.readTextFileSync(new URL(path, CORPUS)));

export function agentRows(): AgentRow[] {
  return [...Deno.readDirSync(new URL("agents/", CORPUS))]
    .flatMap(({ name }) => read(`agents/${name}`) as AgentRow[]);
}

/** Each label of each agent; the actor is that of a hit alone, a minute after sending. */
export function answersOfAgents(): Labelled[] {
  return agentRows().flatMap(({ agent, kind = "click", hints = {}, is }) => {
    const text = agent + (hints["referer"] ?? "");
    const row = { text, heldOut: isHeldOut(text) };
    const client = clientOf(agent, hints);
    const answers: Labelled[] = ATTRIBUTES
      .filter((about) => is[about] !== undefined)
      .map((about) => ({ ...row, about, expected: is[about]!, got: client[about] }));
    if (is.actor === undefined) return answers;
    const { actor } = judge({
      id: text,
      kind,
      at: SENT + 60_000,
      sinceSent: 60_000,
      userAgent: agent,
      hints: { "accept-language": "fr", ...hints },
      ip: "192.0.2.0",
      link: kind === "click" ? 0 : null,
    }, []);
    return [...answers, { ...row, about: "actor", expected: is.actor, got: actor }];
  });
}

/** Each hit of each sequence, with the actor it counts for in the end. */
export function answersOfSequences(): Labelled[] {
  const { senders, sequences } = read("sequences.json") as Sequences;
  return sequences.flatMap(({ name, hits }) => {
    const judged: JudgedHit[] = [];
    hits.forEach(({ after, kind, link, from }, i) => {
      const { agent, hints, ip } = senders[from]!;
      const raw = { id: `${i}`, kind, link, userAgent: agent, hints, ip };
      const hit = { ...raw, at: SENT + after, sinceSent: after };
      const before = judged.filter(({ at }) => at >= hit.at - WINDOW_MS);
      const { actor, revokes } = judge(hit, before);
      for (const id of revokes) judged[Number(id)]!.actor = "scanner";
      judged.push({ ...hit, actor });
    });
    return judged.map(({ actor }, i) => ({
      about: "actor" as const,
      text: `${name}, hit ${i}`,
      heldOut: isHeldOut(name),
      expected: hits[i]!.is,
      got: actor,
    }));
  });
}

/** Actors in the order of their list. */
export const actorsOf = (answers: readonly Answer[]): Actor[] =>
  ACTORS.filter((actor) => answers.some(({ expected }) => expected === actor));
