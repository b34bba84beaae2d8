/** A terminal's line discipline (termios in canonical mode): echo, erase, kill line, end of file, interrupt. */
import type { Time } from '../../api/time.js';
import type { Environment } from './environment.js';
import { signalProcess } from './machine.js';
import type { Machine } from './state.js';

export function typeInto(machine: Machine, environment: Environment, data: string): void {
  const echo = (text: string): void => environment.host.write('stdout', text, machine.instant as Time);
  let line = machine.typed ?? '';
  // Escape sequences (cursor keys) edit nothing here.
  for (const char of data.replace(/\x1b(\[[0-9;]*[A-Za-z~]|O[A-Z])/g, '')) {
    switch (char) {
      case '\r':
      case '\n':
        echo('\r\n');
        machine.input += `${line}\n`;
        line = '';
        break;
      case '\x7f':
      case '\b':
        if (line !== '') echo('\b \b');
        line = line.slice(0, -1);
        break;
      case '\x15':
        echo('\b \b'.repeat(line.length));
        line = '';
        break;
      case '\x04':
        if (line === '') machine.inputClosed = true;
        machine.input += line;
        line = '';
        break;
      case '\x03':
        echo('^C\r\n');
        line = '';
        interrupt(machine, environment);
        break;
      default:
        echo(char);
        line += char;
    }
  }
  if (line === '') delete machine.typed;
  else machine.typed = line;
}

/** The foreground gets SIGINT; a shell that reads commands drops what it has of one and asks again. */
function interrupt(machine: Machine, environment: Environment): void {
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    if (process.shell?.interactive === true) {
      delete process.shell.pendingInput;
      delete process.shell.prompted;
      if (process.block?.on === 'read') delete process.block;
    } else signalProcess(machine, environment, process, 'INT');
  }
}
