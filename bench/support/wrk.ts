/** `wrk`: as many requests as come back in a time, over connections that stay open. */
import { find } from "./tools.ts";

/** What a browser sends along with a request for an image. */
export const HEADERS = [
  "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/142.0.0.0 Safari/537.36",
  "Accept: image/avif,image/webp,image/apng,*/*;q=0.8",
  "Accept-Language: fr-FR,fr;q=0.9,en;q=0.8",
  'Sec-CH-UA: "Chromium";v="142", "Google Chrome";v="142"',
  "Sec-CH-UA-Mobile: ?0",
  'Sec-CH-UA-Platform: "Windows"',
];

export interface Load {
  /** Answers in all, and a second. */
  requests: number;
  rate: number;
}

/** Requests of 500 browsers, in turn: no two after each other say the same. */
const MANY_BROWSERS = `
local requests, at = {}, 0
function init(args)
  local agent = wrk.headers["User-Agent"]
  for i = 1, 500 do
    wrk.headers["User-Agent"] = agent:gsub("142", tostring(100 + i))
    requests[i] = wrk.format()
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
`;

/**
 * @param agents who asks: one browser, as a mail service's proxy does, or many
 * @throws when the server answered with errors
 */
export async function wrk(
  url: string,
  connections: number,
  seconds: number,
  agents: "one" | "many" = "one",
): Promise<Load> {
  const script = agents === "one" ? null : await Deno.makeTempFile({ suffix: ".lua" });
  if (script !== null) await Deno.writeTextFile(script, MANY_BROWSERS);
  const { success, stdout, stderr } = await new Deno.Command((await find("wrk"))!, {
    args: [
      ...["-t1", `-c${connections}`, `-d${seconds}s`],
      ...HEADERS.flatMap((header) => ["-H", header]),
      ...(script === null ? [] : ["-s", script]),
      url,
    ],
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (script !== null) await Deno.remove(script);
  const text = new TextDecoder().decode(stdout);
  const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
  const rate = Number(/Requests\/sec: +([\d.]+)/.exec(text)?.[1]);
  if (!success || !(rate > 0) || /Non-2xx|Socket errors/.test(text)) {
    throw new Error(`${url}: ${text}${new TextDecoder().decode(stderr)}`);
  }
  return { requests, rate };
}
