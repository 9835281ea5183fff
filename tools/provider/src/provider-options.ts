import type { Answer } from './answer.ts';
import type { ChatRequestBody } from './chat-request.ts';
import type { Script } from './fault-plan.ts';
import { checkDirective } from './faults/index.ts';

export interface ProviderOptions {
  /** 0 to 65535; default 0: any free port. */
  port?: number | undefined;
  /** Default `127.0.0.1`. There is no reason to open a server of faults to a network. */
  host?: string | undefined;
  /** What `/v1/models` lists; default `['gpt-4o', 'gpt-4o-mini']`. Any name is answered. */
  models?: readonly string[] | undefined;
  /** If given, requests without this key get a 401. */
  apiKey?: string | undefined;
  /** In place of the deterministic answer. */
  answer?: ((body: ChatRequestBody) => Answer | string) | undefined;
  /** A directive for each call in turn, or a function that decides. */
  script?: Script | undefined;
  /** A directive that holds for every call, until it is changed. */
  fault?: string | undefined;
  /** Dice for `rate=`, 0 up to 1; default `Math.random`. */
  random?: (() => number) | undefined;
  /** How many calls `provider.calls` keeps; default 1000. All are counted. */
  maxCalls?: number | undefined;
}

/** @throws TypeError for a script that is none, RangeError for a fault that isn't there */
export function checkScript(script: Script): void {
  if (typeof script === 'function') return;
  if (!Array.isArray(script)) {
    throw new TypeError(`Expected \`script\` to be a list or a function, got ${typeof script}`);
  }
  for (const directive of script as readonly (string | undefined)[]) {
    if (directive !== undefined) checkDirective(directive);
  }
}

/** Checks what was given, so that a mistake shows where it was made. */
export function checkOptions(options: ProviderOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`Expected \`options\` to be an object, got ${String(options)}`);
  }
  const { port = 0, maxCalls = 1000, fault, script } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`Expected \`port\` to be an integer from 0 to 65535, got ${port}`);
  }
  if (!Number.isInteger(maxCalls) || maxCalls < 0) {
    throw new RangeError(`Expected \`maxCalls\` to be an integer from 0 up, got ${maxCalls}`);
  }
  for (const name of ['answer', 'random'] as const) {
    if (options[name] === undefined || typeof options[name] === 'function') continue;
    throw new TypeError(`Expected \`${name}\` to be a function, got ${typeof options[name]}`);
  }
  if (fault !== undefined) checkDirective(fault);
  if (script !== undefined) checkScript(script);
}
