/** Plain data, as JSON holds it. */
export type PlainValue = string | number | boolean | null | PlainValue[] | PlainRecord;
export interface PlainRecord {
  [key: string]: PlainValue;
}
