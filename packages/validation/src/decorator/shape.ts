import type { InputOf, OutputOf, RuleLike } from '../schema/rule-like.ts';

/** Rules for the fields of the first argument, or for the arguments by their places. */
export type Shape = Readonly<Record<string, RuleLike>> | readonly RuleLike[];

/** The fields of S whose type may be undefined may be left out. */
type LeaveOut<S> = Flatten<
  { [K in keyof S as undefined extends S[K] ? never : K]: S[K] } & {
    [K in keyof S as undefined extends S[K] ? K : never]?: S[K];
  }
>;

type Flatten<T> = { [K in keyof T]: T[K] };

/** The leading arguments, as they are once the rules have let them through. */
export type Judged<S extends Shape> = S extends readonly RuleLike[]
  ? { -readonly [I in keyof S]: OutputOf<S[I]> }
  : [LeaveOut<{ -readonly [K in keyof S]: OutputOf<S[K]> }>];

/** The leading arguments, as a caller may give them. */
type Given<S extends Shape> = S extends readonly RuleLike[]
  ? { -readonly [I in keyof S]: InputOf<S[I]> }
  : [LeaveOut<{ -readonly [K in keyof S]: InputOf<S[K]> }>];

/** The arguments of the guarded function: its own, unless the rules take something else for them. */
export type Accepted<S extends Shape, Args extends readonly unknown[]> =
  Given<S> extends Judged<S>
    ? Args
    : Args extends [...Judged<S>, ...infer Rest]
      ? [...Given<S>, ...Rest]
      : Args;
