import { readmeExamples } from '@kortana/workspace-tools';
import { expect, test } from 'vitest';

test.for(readmeExamples(import.meta.url))('README: $title', async (example) => {
  const { printed, promised } = await example.run();
  expect(printed).toEqual(promised);
});
