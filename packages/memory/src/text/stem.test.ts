import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { stem } from './stem.ts';

test.each([
  ['cat', 'cats'],
  ['party', 'parties'],
  ['park', 'parks', 'parked', 'parking'],
  ['plan', 'plans', 'planned', 'planning'],
  ['hope', 'hoped', 'hoping'],
  ['operate', 'operated', 'operating', 'operation', 'operations'],
  ['translate', 'translation', 'translations', 'translator'],
  ['connect', 'connected', 'connecting', 'connection', 'connections'],
  ['happy', 'happiness'],
  ['relational', 'relation', 'relate'],
  ['vegetarian', 'vegetarians'],
  ['hopeful', 'hopefulness'],
  ['agree', 'agreed'],
  ['adjust', 'adjustable', 'adjustment'],
  ['control', 'controlling', 'controlled'],
])('%s has one stem with its forms', (...words) => {
  expect(new Set(words.map(stem)).size).toBe(1);
});

test.each([
  ['sing', 'sang'],
  ['bed', 'be'],
  ['feed', 'fe'],
  ['hope', 'hop'],
  ['plane', 'plan'],
  ['glass', 'glas'],
  ['station', 'state'],
])('%s and %s stay two words', (one, other) => {
  expect(stem(one)).not.toBe(stem(other));
});

test.each(['c++', 'p3', 'été', 'is', '天气', '', 'deconstructor'])('leaves %j as it is', (word) => {
  expect(stem(word)).toBe(word);
});

test('a stem is its own stem, so that it can be given in place of its word', () => {
  const part = fc.constantFrom(
    ...'a e i o u y b l s t z al ate ed eed ing ion ize s ss ies'.split(' '),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const found = stem(parts.join(''));
      expect(stem(found)).toBe(found);
    }),
  );
});

/** SQLite's own, which leaves words under three letters alone as well. */
function porterOfSqlite(words: string[]): string[] {
  const db = new DatabaseSync(':memory:');
  db.exec(`
    CREATE VIRTUAL TABLE text USING fts5 (words, tokenize = 'porter ascii');
    CREATE VIRTUAL TABLE found USING fts5vocab (text, 'instance')`);
  const insert = db.prepare('INSERT INTO text (rowid, words) VALUES (?, ?)');
  words.forEach((word, at) => insert.run(at, word));
  const rows = db.prepare('SELECT term FROM found ORDER BY doc').all();
  db.close();
  return rows.map(({ term }) => term as string);
}

test('strips as SQLite’s porter does, until nothing changes', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const words = [...new Set(readme.toLowerCase().match(/[a-z]{3,20}/g))];
  let stems = words;
  for (let before: string[] = []; stems.join(' ') !== before.join(' ');) {
    before = stems;
    stems = porterOfSqlite(before);
  }
  expect(words.length).toBeGreaterThan(400);
  expect(words.map(stem)).toEqual(stems);
});
