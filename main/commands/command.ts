/** What a command is: its words, its help, and what it does with them. */
import { parseArgs } from "node:util";
import { messageOf } from "@chappe/src/runtime";
import { UsageError } from "../exit.ts";
import type { Context } from "./context.ts";
import type { Output, Stream } from "./output.ts";

/** `--name=<value>`, or a mere `--name` where there is neither `value` nor `choices`. */
export interface Option {
  readonly help: string;
  /** What stands for it in the help. */
  readonly value?: string;
  /** The values that it takes. */
  readonly choices?: readonly string[];
  readonly required?: true;
  /** May be given several times. */
  readonly multiple?: true;
}

type Given<O extends Option> = O extends { multiple: true; choices: readonly (infer C)[] }
  ? readonly C[]
  : O extends { multiple: true } ? readonly string[]
  :
    | (O extends { choices: readonly (infer C)[] } ? C
      : O extends { value: string } ? string
      : true)
    | (O extends { required: true } ? never : undefined);

interface Spec<A extends string, O extends Readonly<Record<string, Option>>> {
  /** Noun and verb. */
  name: string;
  /** Words that stand behind the name, all needed. */
  args: readonly A[];
  options: O;
  help: string;
  run(
    context: Context,
    input: Readonly<Record<A, string>> & { readonly [K in keyof O]: Given<O[K]> },
  ): Promise<Output | Stream>;
}

export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  /** The command with its arguments and options, in a line. */
  readonly usage: string;
  readonly help: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Reads the words behind the name. @throws {UsageError} */
  read(
    words: readonly string[],
  ): { json: boolean; run(context: Context): Promise<Output | Stream> };
}

export function command<A extends string, const O extends Readonly<Record<string, Option>>>(
  spec: Spec<A, O>,
): Command {
  const { name, args, help } = spec;
  const options: Readonly<Record<string, Option>> = spec.options;
  const usage = [name, ...args.map((a) => `<${a}>`), ...Object.entries(options).map(optionUsage)]
    .join(" ");
  const wrong = (why: string) => new UsageError(`${why}\n\n  chappe ${usage} [--json]`);

  function parse(
    words: readonly string[],
  ): { positionals: string[]; values: Readonly<Record<string, unknown>> } {
    try {
      return parseArgs({
        args: [...words],
        allowPositionals: true,
        options: {
          json: { type: "boolean" },
          ...Object.fromEntries(
            Object.entries(options).map(([key, option]) => [key, {
              type: takesValue(option) ? "string" as const : "boolean" as const,
              multiple: option.multiple ?? false,
            }]),
          ),
        },
      });
    } catch (error) {
      throw wrong(messageOf(error));
    }
  }

  return {
    name,
    args,
    usage,
    help,
    options,
    read(words) {
      const { positionals, values } = parse(words);
      const input: Record<string, unknown> = {};
      for (const [i, arg] of args.entries()) {
        if (positionals[i] === undefined) throw wrong(`<${arg}> is missing`);
        input[arg] = positionals[i];
      }
      const more = positionals[args.length];
      if (more !== undefined) throw wrong(`"${more}" is too much`);
      for (const [key, option] of Object.entries(options)) {
        const given = values[key] ?? (option.multiple ? [] : undefined);
        if (given === undefined && option.required) throw wrong(`--${key} is missing`);
        const { choices } = option;
        const stranger = choices &&
          [given ?? []].flat().find((one) => !choices.includes(String(one)));
        if (stranger !== undefined) {
          throw wrong(`--${key} is ${choices!.join(", ")}; not "${stranger}"`);
        }
        input[key] = given;
      }
      return {
        json: values["json"] === true,
        run: (context) => spec.run(context, input as Parameters<typeof spec.run>[1]),
      };
    },
  };
}

/** The options of a command, a line each. */
export function optionsHelp({ options }: Command): string[] {
  const lines = Object.entries(options).map(([key, option]) => [bare(key, option), option.help]);
  const width = Math.max(0, ...lines.map(([left]) => left!.length));
  return lines.map(([left, right]) => `${left!.padEnd(width)}  ${right}`);
}

function takesValue({ value, choices }: Option): boolean {
  return value !== undefined || choices !== undefined;
}

function bare(key: string, option: Option): string {
  const what = option.choices?.join("|") ?? `<${option.value}>`;
  return takesValue(option) ? `--${key}=${what}` : `--${key}`;
}

function optionUsage([key, option]: [string, Option]): string {
  const text = bare(key, option);
  return option.required ? text : option.multiple ? `[${text} …]` : `[${text}]`;
}
