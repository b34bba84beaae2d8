/** Image + command + environment → what the process will do: the behaviours in the order in which they are asked. */
import type { Catalogue } from './image.js';
import { imageBehaviour } from './image-behaviour.js';
import { lastBehaviour } from './last-behaviour.js';
import type { Behaviour } from './process.js';
import { createShell } from './shell/behaviour.js';

/** The image's own programs first; then the shell; then what is left. */
export const behaviours = (catalogue: Catalogue, shells: readonly Behaviour[] = [createShell()]): readonly Behaviour[] => [
  imageBehaviour(catalogue.image),
  ...shells,
  lastBehaviour((repository) => catalogue.image(repository, 'latest') !== undefined),
];
