/** Takes the terminal's screen, shows the dashboard on it, and gives it back. The door to ink: a bundle of its own. */
import { render } from 'ink';
import type { Dashboard } from '../dashboard/model.js';
import { App } from './app.js';
import { type Painter, painter } from './painter.js';

export interface StartOptions {
  /** Told to end from outside. */
  readonly stopped: AbortSignal;
  readonly isColoured: boolean;
}

/** The alternate screen, without a cursor. */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

/** Resolves when the user has had enough. The terminal is as it was before, whatever happens. */
export async function start(dashboard: Dashboard, { stopped, isColoured }: StartOptions): Promise<void> {
  const { stdin, stdout } = process;
  const screen = painter((text) => void stdout.write(text));
  // Before the first frame: what is typed meanwhile is not to be echoed into it
  stdin.setRawMode(true);
  stdout.write(ENTER);
  try {
    const instance = render(<App dashboard={dashboard} isColoured={isColoured} forget={screen.forget} />, {
      stdin,
      stdout: painted(stdout, screen),
      // Whole frames, plain: ink's own way of writing them scrolls a full screen, or clears it together with what was there before podsim.
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    const end = (): void => instance.unmount();
    stopped.addEventListener('abort', end);
    if (stopped.aborted) end();
    await instance.waitUntilExit();
  } finally {
    stdin.setRawMode(false);
    stdout.write(LEAVE);
  }
}

/** Standard output, but for what is written to it. */
function painted(stdout: NodeJS.WriteStream, { paint }: Painter): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get(target, key) {
      if (key === 'write')
        return (frame: string, written?: () => void): boolean => {
          // Nothing, to be told when all before it has been written: that is how ink ends
          if (frame !== '') paint(frame);
          return written === undefined || target.write('', written);
        };
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
