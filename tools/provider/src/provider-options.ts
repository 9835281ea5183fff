import type { Answer } from './answer.ts';
import type { ChatRequestBody } from './chat-request.ts';
import type { Script } from './fault-plan.ts';

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
