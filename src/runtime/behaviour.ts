/** Image + command + environment → what the process will do: the behaviours in the order in which they are asked. */
import { commandBehaviour, lastBehaviour } from './command-behaviour.js';
import type { Catalogue } from './image.js';
import { imageBehaviour } from './image-behaviour.js';
import type { Behaviour } from './process.js';

/** The image's own programs first; then `shells`; then the simple reading of commands; then what is left. */
export const behaviours = (catalogue: Catalogue, shells: readonly Behaviour[] = []): readonly Behaviour[] => [
  imageBehaviour(catalogue.image),
  ...shells,
  commandBehaviour,
  lastBehaviour((repository) => catalogue.image(repository, 'latest') !== undefined),
];
