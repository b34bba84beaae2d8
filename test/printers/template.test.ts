/** Templates against what the real kubectl printed (test/text/cases/record.mjs). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { UsageError } from '../../src/kubectl/command.js';
import { makePrinter, PrintError } from '../../src/kubectl/printers/index.js';

interface Case {
  readonly template: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly out?: string;
  readonly error?: string;
}
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../text/cases/${name}.json`, import.meta.url), 'utf8')) as T;
const object = read<KubeObject>('object');

async function run(format: string, { template, strict, json }: Case): Promise<{ out?: string; error?: string }> {
  let out = '';
  try {
    const output = `${json === true ? 'jsonpath-as-json' : format}=${template}`;
    const printer = await makePrinter({ output, allowMissingTemplateKeys: strict !== true, readFile: () => Promise.reject(new Error('no files')) });
    out = printer.print(object);
    return { out };
  } catch (error) {
    if (error instanceof PrintError) out = error.printed;
    if (!(error instanceof UsageError)) throw error;
    return { ...(out === '' ? {} : { out }), error: `error: ${error.message}${error.message.endsWith('\n') ? '' : '\n'}` };
  }
}

/** Go walks maps in random order. */
const isRandom = (template: string): boolean => template.includes('..') || template.includes('.*}');
const sortedText = (text: string): string => [...text].sort().join('');

for (const format of ['jsonpath', 'go-template'])
  describe(format, () => {
    for (const one of read<Case[]>(format))
      test(`${one.template}${one.strict === true ? ' (strict)' : ''}${one.json === true ? ' (json)' : ''}`, async () => {
        const { template, strict: _, json: __, ...expected } = one;
        const got = await run(format, one);
        if (isRandom(template) && got.out !== undefined && expected.out !== undefined) expect(sortedText(got.out)).toBe(sortedText(expected.out));
        else expect(got).toEqual(expected);
      });
  });
