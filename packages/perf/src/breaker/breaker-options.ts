import {
  callHook,
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
  checkString,
} from '@kortana/errors';
import { type Clock, systemClock } from '../clock/clock.ts';
import { newTurnClock } from '../clock/turn-clock.ts';
import type { CircuitState } from './circuit-state.ts';
import type { RateLimits } from './rate-window.ts';
import type { SlowCallLimits } from './slow-calls.ts';

export type ErrorClass = abstract new (...args: never[]) => Error;

export interface StateChange {
  name: string;
  from: CircuitState;
  to: CircuitState;
  /** `failures`, `failure-rate`, `slow-calls`, `recovery-timeout`, `probe-failed`, `probe-timeout`, `probes-succeeded`, `opened`, `closed`, `isolated`, `released`, or what `open` was given. */
  reason: string;
  /** By the breaker's clock. */
  at: number;
}

export interface BreakerOptions {
  /** For errors and events; default: `circuit`. */
  name?: string | undefined;
  /** How many counted failures in a row open it, an integer from 1 up; default: 5. */
  failureThreshold?: number | undefined;
  /** How long it stays open before probes are let through, in milliseconds from 0 up, or a function of how often it opened in a row (1, 2, …); default: 60 000. */
  recoveryTimeoutMs?: number | ((openCount: number) => number) | undefined;
  /** Which errors count as failures: those of a class that are no aborts, or those that a predicate says; default: all but aborts. */
  expectedException?: ErrorClass | ((error: unknown) => boolean) | undefined;
  /** How many probes run at a time, an integer from 1 up; default: 1. */
  halfOpenMaxCalls?: number | undefined;
  /** How many good probes close it, an integer from 1 up; default: 2. */
  successThreshold?: number | undefined;
  /** How long a probe may take before it is a failure, in milliseconds above 0; default: the recovery timeout (a minute if that is 0). */
  probeTimeoutMs?: number | undefined;
  /** Opens it by the share of failures in a window of time; default: off. */
  failureRate?: RateLimits | undefined;
  /** Opens it by the share of slow calls, those still running included; default: off. */
  slowCalls?: SlowCallLimits | undefined;
  /** Told of each change of state, when it is noticed. */
  onStateChange?: ((change: StateChange) => void) | undefined;
  /** Read each time; default: `performance.now`, read once per turn of the event loop (with `slowCalls` each time). */
  clock?: Clock | undefined;
}

export type CheckedBreakerOptions = ReturnType<typeof checkedBreakerOptions>;

/** Checks the options and fills in what isn't given. */
export function checkedBreakerOptions(options: BreakerOptions) {
  const {
    name = 'circuit',
    failureThreshold = 5,
    recoveryTimeoutMs = 60_000,
    expectedException,
    halfOpenMaxCalls = 1,
    successThreshold = 2,
    probeTimeoutMs,
    failureRate,
    slowCalls,
    onStateChange,
    // One that stands still during a turn can't tell how long a sync call takes.
    clock = slowCalls === undefined ? newTurnClock() : systemClock,
  } = checkObject('options', options);
  if (onStateChange !== undefined) checkFunction('onStateChange', onStateChange);
  return {
    name: checkString('name', name),
    failureThreshold: checkInteger('failureThreshold', failureThreshold, { min: 1 }),
    recoveryMs: checkedRecovery(recoveryTimeoutMs),
    counts: checkedException(expectedException),
    halfOpenMaxCalls: checkInteger('halfOpenMaxCalls', halfOpenMaxCalls, { min: 1 }),
    successThreshold: checkInteger('successThreshold', successThreshold, { min: 1 }),
    probeTimeoutMs:
      probeTimeoutMs === undefined
        ? undefined
        : checkNumber('probeTimeoutMs', probeTimeoutMs, { above: 0, infinite: true }),
    failureRate: failureRate === undefined ? undefined : checkedRate('failureRate', failureRate),
    slowCalls: slowCalls === undefined ? undefined : checkedSlowCalls(slowCalls),
    onStateChange,
    clock: checkMethods('clock', clock, ['now']),
  };
}

function checkedRate(name: string, rate: RateLimits): RateLimits {
  const { threshold, minimumCalls, windowMs } = checkObject(name, rate);
  return {
    threshold: checkNumber(`${name}.threshold`, threshold, { above: 0, max: 1 }),
    minimumCalls: checkInteger(`${name}.minimumCalls`, minimumCalls, { min: 1 }),
    windowMs: checkNumber(`${name}.windowMs`, windowMs, { above: 0 }),
  };
}

function checkedSlowCalls(slowCalls: SlowCallLimits): SlowCallLimits {
  const rate = checkedRate('slowCalls', slowCalls);
  const { durationMs } = slowCalls;
  return { ...rate, durationMs: checkNumber('slowCalls.durationMs', durationMs, { above: 0 }) };
}

function checkedRecovery(
  recovery: number | ((openCount: number) => number),
): (openCount: number) => number {
  if (typeof recovery !== 'function') {
    checkNumber('recoveryTimeoutMs', recovery, { min: 0 });
    return () => recovery;
  }
  return (openCount) => {
    let pauseMs = 60_000; // if it throws, or gives nonsense
    const ask = () => {
      pauseMs = checkNumber('recoveryTimeoutMs', recovery(openCount), { min: 0 });
    };
    callHook('recoveryTimeoutMs', ask, []);
    return pauseMs;
  };
}

function checkedException(
  expected: ErrorClass | ((error: unknown) => boolean) | undefined,
): (error: unknown) => boolean {
  if (expected === undefined) return isNoAbort;
  checkFunction('expectedException', expected);
  const isExpected = isErrorClass(expected)
    ? (error: unknown) => error instanceof expected && isNoAbort(error)
    : expected;
  return (error) => {
    let counts = isNoAbort(error); // if it throws
    callHook('expectedException', () => (counts = isExpected(error)), []);
    return counts;
  };
}

/** The prototype of what was written as `class`, and of the built-in ones, can't be replaced. */
function isErrorClass(value: ErrorClass | ((error: unknown) => boolean)): value is ErrorClass {
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype');
  return prototype?.writable === false || prototype?.value instanceof Error;
}

function isNoAbort(error: unknown): boolean {
  try {
    const { name, code } = Object(error) as { name?: unknown; code?: unknown };
    return name !== 'AbortError' && code !== 'ABORT_ERR';
  } catch {
    return true; // one that can't be read
  }
}
