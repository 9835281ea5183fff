import { checkNumber, checkObject, checkString } from '@kortana/errors';
import { checkId, checkTurn } from '../check-turn.ts';
import type { Fact, SearchHit } from '../memory-store.ts';
import type { StoredTurn } from '../turn.ts';

/*
 * What a store answers is looked at before it is used: garbage is the failure of one part, and must
 * not cost the others. Each throws a TypeError or RangeError that says what was expected.
 */

export function readTurns(answer: StoredTurn[]): StoredTurn[] {
  return readAll('turns', answer, readTurn);
}

export function readHits(answer: SearchHit[]): SearchHit[] {
  return readAll('hits', answer, (hit) => {
    checkNumber('score', checkObject('hit', hit).score);
    readTurn(hit.turn);
  });
}

export function readFacts(answer: Fact[]): Fact[] {
  return readAll('facts', answer, (fact) => {
    checkString('id', checkObject('fact', fact).id);
    checkString('text', fact.text);
    checkNumber('at', fact.at, { min: 0, max: 8.64e15 });
  });
}

/** The vector of the one text that was asked for. */
export function readVector(answer: number[][]): number[] {
  const [vector] = Array.isArray(answer) ? answer : [];
  if (Array.isArray(vector) && vector.length > 0 && vector.every(Number.isFinite)) return vector;
  throw new TypeError('Expected `embed` to give a list of numbers for each text');
}

function readTurn(turn: StoredTurn): void {
  checkTurn(turn);
  checkId('id', turn.id);
  checkNumber('at', turn.at);
}

function readAll<T>(name: string, list: T[], read: (one: T) => void): T[] {
  if (!Array.isArray(list)) throw new TypeError(`Expected \`${name}\` to be an array`);
  for (const one of list) read(one);
  return list;
}
