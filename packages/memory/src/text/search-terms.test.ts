import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchTerms } from './search-terms.ts';

test.each([
  ['What’s C++ or C#?', ['what', 's', 'c++', 'or', 'c#']],
  ['a+b 1+1 x++y', ['a', 'b', '1', '1', 'x', 'y']],
  ['CAFÉ Zürich naïve', ['cafe', 'zurich', 'naiv']],
  ['ｆｕｌｌ ｗｉｄｔｈ', ['full', 'width']],
  ['', []],
  ['… — 🎉 !?', []],
])('takes the words of %j', (text, terms) => {
  expect(searchTerms(text)).toEqual(terms);
});

test('takes English words by their stems', () => {
  expect(searchTerms('I parked in Zürich')).toEqual(searchTerms('i park in zurich'));
});

test.each([
  ['天气好', ['天', '气', '天气', '好', '气好']],
  ['猫', ['猫']],
  ['タワー', ['タワ', 'ワー']],
  ['학교에', ['학교', '교에']],
  ['我用GPT写作', ['我', '用', '我用', 'gpt', '写', '作', '写作']],
])('parts text without spaces into pairs: %s', (text, terms) => {
  expect(searchTerms(text)).toEqual(terms);
});

test('cuts what is too long for a word', () => {
  expect(searchTerms('x'.repeat(10_000))).toEqual(['x'.repeat(40)]);
});

test('gives only letters, digits, marks, + and #, so that no index can misread them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
      for (const term of searchTerms(text)) expect(term).toMatch(/^[\p{L}\p{N}\p{M}+#]+$/u);
    }),
  );
});

test('takes a text without spaces of any length', () => {
  expect(searchTerms('天气'.repeat(200_000))).toHaveLength(799_999);
});
