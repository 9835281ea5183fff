/** Every voice keeps this rule. */
export const badMoments =
  'When you cannot do something, do not know, or something has failed, say so in one plain sentence ' +
  'and name the limit. Invent nothing to fill the gap. Then stay: offer what you can do now, and ' +
  'do not apologise twice.';
