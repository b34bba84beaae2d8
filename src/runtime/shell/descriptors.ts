/** Reading and writing by descriptor: the machine's read(2) and write(2). */
import { byteLength, joinBytes, textOfByte } from '../../api/bytes.js';
import type { Time } from '../../api/time.js';
import type { ProcessHost } from '../process.js';
import type { Environment } from './environment.js';
import { errorText, isHeld } from './kernel.js';
import type { Machine, Process } from './state.js';

/** Writes to a descriptor. `full`: it is written, but the writer must wait; `broken`: nobody reads. */
export function writeFd(
  machine: Machine,
  environment: Environment,
  process: Process,
  fd: number | string,
  text: string,
): 'ok' | 'full' | 'broken' | 'closed' | { readonly error: string } {
  const file = machine.files[process.fds[fd] as number];
  if (process.fds[fd] === undefined || file === undefined) return 'closed';
  if (text === '') return 'ok';
  switch (file.kind) {
    case 'output':
      // A terminal has one stream, and turns line ends into returns and line feeds (ONLCR).
      if (file.isMain === true && environment.host.log !== undefined) environment.host.log(file.stream, text, machine.instant as Time);
      else if (machine.tty === true) environment.host.write('stdout', text.replace(/\r?\n/g, '\r\n'), machine.instant as Time);
      else environment.host.write(file.stream, text, machine.instant as Time);
      return 'ok';
    case 'pipe': {
      const pipe = machine.pipes[file.pipe];
      if (pipe === undefined || file.end === 'read') return 'broken';
      if (!isCapture(machine, file.pipe) && !isHeld(machine, file.pipe, 'read')) return 'broken';
      pipe.data += text;
      return pipe.data.length > 65_536 && !isCapture(machine, file.pipe) ? 'full' : 'ok';
    }
    case 'file':
      try {
        if (file.append) environment.host.files.write(file.path, text, { append: true, at: machine.instant as Time });
        else if (file.version === environment.host.files.version || file.pos >= (environment.host.files.stat(file.path)?.size ?? 0)) {
          // Counting a long file for every piece that is added to it would take longer than adding them.
          const isAtEnd = file.version === environment.host.files.version;
          environment.host.files.write(file.path, text, { append: true, at: machine.instant as Time });
          file.pos = isAtEnd ? file.pos + byteLength(text) : (environment.host.files.stat(file.path)?.size ?? 0);
          file.version = environment.host.files.version;
        } else {
          delete file.version;
          const old = environment.host.files.read(file.path);
          environment.host.files.write(file.path, old.slice(0, file.pos) + text + old.slice(file.pos + text.length), { at: machine.instant as Time });
          file.pos += text.length;
        }
        return 'ok';
      } catch (error) {
        return { error: errorText(error) };
      }
    default:
      return 'ok';
  }
}

/** A pipe whose data the machine itself collects (command substitution). */
const isCapture = (machine: Machine, pipe: number): boolean => machine.pipes[pipe]?.capture === true;

/** All that can be read now: '' nothing yet, undefined at the end. `limit`: at most so many characters, or up to a line's end. */
export function readFd(
  machine: Machine,
  environment: Environment,
  process: Process,
  fd: number | string,
  line = false,
  limit = Number.POSITIVE_INFINITY,
): string | undefined {
  const id = process.fds[fd];
  const file = id === undefined ? undefined : machine.files[id];
  const take = (data: string): string => {
    const end = line ? data.indexOf('\n') + 1 : data.length;
    return data.slice(0, Math.min(end === 0 ? data.length : end, limit));
  };
  if (file === undefined) return undefined;
  switch (file.kind) {
    case 'pipe': {
      const pipe = machine.pipes[file.pipe];
      if (pipe === undefined) return undefined;
      const ended = !isHeld(machine, file.pipe, 'write');
      if (pipe.data === '') return ended && file.awaits !== true ? undefined : '';
      if (line && !ended && !pipe.data.includes('\n') && pipe.data.length < limit) return '';
      const data = take(pipe.data);
      pipe.data = pipe.data.slice(data.length);
      return data;
    }
    case 'input': {
      if (machine.input === '') return machine.inputClosed ? undefined : '';
      if (line && !machine.inputClosed && !machine.input.includes('\n') && machine.input.length < limit) return '';
      const data = take(machine.input);
      machine.input = machine.input.slice(data.length);
      return data;
    }
    case 'text': {
      if (file.pos >= file.text.length) return undefined;
      const data = take(file.text.slice(file.pos));
      file.pos += data.length;
      return data;
    }
    case 'file': {
      if (file.path === '/dev/zero') return '\0'.repeat(Math.min(limit, 65_536));
      if (file.path === '/dev/urandom' || file.path === '/dev/random') return randomText(environment.host, Math.min(limit, 4096));
      let content: string;
      try {
        content = environment.host.files.read(file.path);
      } catch {
        return undefined;
      }
      if (file.pos >= content.length) return undefined;
      const data = take(content.slice(file.pos));
      file.pos += data.length;
      return data;
    }
    default:
      return undefined;
  }
}

export function randomText(host: ProcessHost, length: number): string {
  let out = '';
  for (let i = 0; i < length; i += 1) out += textOfByte(Math.floor(host.random() * 256));
  return joinBytes(out);
}
