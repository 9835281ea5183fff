import { encodeObject } from './encode-object.ts';
import { encodePrimitive } from './encode-primitive.ts';

/**
 * The text of a value that contains itself. Two such values are equal if one can't tell them apart
 * by walking through them, however many objects each is made of: a ring of two equal objects is
 * equal to an object that holds itself.
 *
 * Found by partition refinement (Hopcroft; Paige and Tarjan, the simple variant): all objects begin
 * in one class, and in each round those part company that differ in their own text, in which the
 * class of an object stands for the object. When no class falls apart any more, the texts of all
 * classes together are the key. Classes are numbered by the order of their texts, so equal values
 * number them alike.
 */
export function cyclicKey(root: unknown): string {
  const objects = reachable(root);
  let classOf = new Map<object, number>(objects.map((object) => [object, 0]));
  const encode = (value: unknown): string =>
    typeof value === 'object' && value !== null ? `#${classOf.get(value)}` : encodePrimitive(value);

  let texts: string[] = [''];
  for (let before = 0; texts.length > before;) {
    before = texts.length;
    // With the class it is in, so that a class only ever falls apart.
    const own = objects.map((object) => `${classOf.get(object)}:${encodeObject(object, encode)}`);
    texts = [...new Set(own)].sort();
    const number = new Map(texts.map((text, index) => [text, index]));
    classOf = new Map(objects.map((object, index) => [object, number.get(own[index]!)!]));
  }
  return `cyclic(${encode(root)};${texts.join(';')})`;
}

function reachable(root: unknown): object[] {
  const found = new Set<object>();
  const visit = (value: unknown): string => {
    if (typeof value === 'object' && value !== null) found.add(value);
    return '';
  };
  visit(root);
  // A Set goes on with what is added while it is walked through.
  for (const object of found) encodeObject(object, visit);
  return [...found];
}
