/** Why an endpoint could not be told: the server says it in a sentence. */

export interface Fault {
  key: string;
  values: Record<string, string>;
}

const faults: [RegExp, string][] = [
  [/it answered (.+)/, 'people.fault.answered'],
  [/did not answer within (\d+) s/, 'people.fault.silent'],
  [/it could not be reached: (.+)/, 'people.fault.unreachable'],
  [/the connection broke: (.+)/, 'people.fault.broke'],
  [/not told anything without (TLS)/, 'people.fault.needsTls'],
  [/(names and passwords)/, 'people.fault.credentials'],
  [/(is no address)/, 'people.fault.notAnAddress'],
  [/(\S+) is an address of a private network/, 'people.fault.privateNetwork'],
];

/** Null for what this page does not know. */
export function readFault(text: string): Fault | null {
  for (const [pattern, key] of faults) {
    const what = pattern.exec(text)?.[1];
    if (what) return { key, values: { what } };
  }
  return null;
}
