/** fortune: a saying from a file whose sayings have lines with a single % between them, or one of its own. */
import { errorText } from '../kernel.js';
import type { Program } from '../program.js';

const SAYINGS = [
  'A change that is easy to undo is easy to make.\n',
  'Look at the events first; they were written for you.\n',
  'A label costs nothing until two selectors want it.\n',
  'The rollout that never ends was asked for an image that never was.\n',
  'What is restarted often enough looks as if it worked.\n',
  'You will find it in the logs of the other container.\n',
];

export const fortune: Program = {
  name: 'fortune',
  run(context) {
    const file = context.args.find((arg) => !arg.startsWith('-'));
    let sayings: readonly string[] = SAYINGS;
    if (file !== undefined) {
      try {
        sayings = context.files
          .read(context.path(file))
          .split(/^%\n/m)
          .filter((saying) => saying.trim() !== '');
      } catch (error) {
        context.err(`${file}: ${errorText(error)}\n`);
        return 1;
      }
    }
    context.out(sayings[Math.floor(context.host.random() * sayings.length)] ?? '');
    return 0;
  },
};
