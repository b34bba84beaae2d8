/** Image + command + environment → what the process will do: the behaviours in the order in which they are asked. */
import type { Catalogue } from './image.js';
import { imageBehaviour } from './image-behaviour.js';
import type { Behaviour } from './process.js';
import { programBehaviour } from './program-behaviour.js';

/** The image's own programs first; then `shells`; then what is left. */
export const behaviours = (catalogue: Catalogue, shells: readonly Behaviour[] = []): readonly Behaviour[] => [
  imageBehaviour(catalogue.image),
  ...shells,
  programBehaviour((repository) => catalogue.image(repository, 'latest') !== undefined),
];
