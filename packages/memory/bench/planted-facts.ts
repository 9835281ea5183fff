/** Said once; asked 500 turns later. How alike the words are is told, as that is what it hangs on. */
export const plantedFacts = [
  // The question has a rare word of the fact.
  ['My parrot is called Zorblax.', 'What kind of animal is Zorblax?', 'same word'],
  ['The wifi code at the cabin is tulip-42.', 'What was the wifi code again?', 'same word'],
  ['My sister Ingrid lives in Trondheim.', 'Where does Ingrid live?', 'same word'],
  ['I parked the car on level P3.', 'On which level did I park?', 'same word'],
  ['The plumber comes on the 14th of May.', 'When does the plumber come?', 'same word'],
  ['I take 20 mg of lisinopril in the morning.', 'How much lisinopril do I take?', 'same word'],
  ['Our anniversary is on September 9.', 'When is our anniversary?', 'same word'],
  ['我的猫叫咪咪，它今年三岁。', '我的猫叫什么名字？', 'same word'],
  ['東京のホテルは「桜亭」を予約しました。', 'どのホテルを予約しましたか？', 'same word'],
  // It has a relative of it.
  ['I am allergic to peanuts.', 'Do I have any allergies?', 'related word'],
  ['Our accountant retired last winter.', 'Who did the accounting before?', 'related word'],
  ['I studied astronomy in Leiden.', 'Am I an astronomer?', 'related word'],
  ['We are vegetarians at home.', 'Should the dinner be vegetarian?', 'related word'],
  ['I proofread translations for a living.', 'Which job of a translator do I do?', 'related word'],
  ['My knee was operated in March.', 'Did I ever have an operation?', 'related word'],
  // It has none: only a model that knows what words mean can find it.
  ['My daughter was born in 2015.', 'How old is my kid?', 'other words'],
  ['I can’t stand coriander.', 'Which herb do I dislike?', 'other words'],
  ['We moved to Lisbon two years ago.', 'In what city is our flat?', 'other words'],
] as const;

const topics = ['the weather', 'a recipe for soup', 'the news', 'a film', 'this sentence', 'music'];
const asks = ['What do you think of', 'Tell me about', 'Can you explain', 'Write something on'];
const moods = ['today', 'please', 'once more', 'in short', 'for my friend', 'as a list'];

/** Small talk, with the words that questions are made of. */
export function smallTalk(random: () => number): { question: string; answer: string } {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!;
  const [topic, ask, mood] = [pick(topics), pick(asks), pick(moods)];
  const more = Array.from({ length: 4 }, () => `${pick(asks)} ${pick(topics)}`).join(', ');
  return {
    question: `${ask} ${topic} ${mood}?`,
    answer: `Here is what I can say about ${topic} ${mood}: it is often so. You may also ask: ${more}.`,
  };
}
