/** gzip(1), gunzip(1), zcat(1). */

import { gunzipSync, gzipSync } from 'node:zlib';
import { bytesOf, textOf } from '../../../api/bytes.js';
import { errorText } from '../kernel.js';
import type { Program, Wait } from '../program.js';
import { type InputState, newInput, readInputs } from './input.js';
import { parseOptions } from './options.js';

const MAX_INFLATED = 32 * 1024 * 1024;

/** undefined: it is damaged. */
function inflate(text: string): string | undefined {
  try {
    return textOf(gunzipSync(bytesOf(text), { maxOutputLength: MAX_INFLATED }));
  } catch {
    return undefined;
  }
}

export const gzip: Program = {
  name: 'gzip',
  aliases: ['gunzip', 'zcat'],
  run(context): number | Wait {
    const options = parseOptions(context, 'cdfk123456789nqv', { decompress: 'd', stdout: 'c', keep: 'k', force: 'f' });
    if (typeof options === 'number') return options;
    const unzips = options.has('d') || context.name !== 'gzip';
    const shows = options.has('c') || context.name === 'zcat';
    const convert = (data: string): string | undefined => (unzips ? inflate(data) : textOf(gzipSync(bytesOf(data))));
    if (options.operands.length === 0) {
      const state = (context.state ?? { ...newInput(), data: '' }) as InputState & { data: string };
      context.state = state;
      const wait = readInputs(context, [], state, (text) => {
        state.data += text;
        return true;
      });
      if (wait !== undefined) return wait;
      const result = convert(state.data);
      if (result === undefined) {
        context.err(context.flavour === 'ash' ? `${context.name}: invalid magic\n` : '\ngzip: stdin: not in gzip format\n');
        return 1;
      }
      context.out(result);
      return 0;
    }
    let status = 0;
    for (const name of options.operands) {
      try {
        const path = context.path(name);
        const result = convert(context.files.read(path));
        if (result === undefined) {
          context.err(context.flavour === 'ash' ? `${context.name}: invalid magic\n` : `\ngzip: ${name}: not in gzip format\n`);
          status = 1;
        } else if (shows) context.out(result);
        else {
          context.files.write(unzips ? path.replace(/\.gz$/, '').replace(/\.tgz$/, '.tar') : `${path}.gz`, result, { at: context.now });
          if (!options.has('k')) context.files.remove(path);
        }
      } catch (error) {
        context.err(`${context.name}: ${name}: ${errorText(error)}\n`);
        status = 1;
      }
    }
    return status;
  },
};
