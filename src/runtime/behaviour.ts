/** Image + command + environment → what the process will do: the behaviours in the order in which they are asked. */
import { type Catalogue, createCatalogue, type ImageData } from './image.js';
import { imageBehaviour } from './image-behaviour.js';
import { imageTree } from './image-files.js';
import type { Behaviour } from './process.js';
import { programBehaviour } from './program-behaviour.js';

/** The images there are and what their processes do: the same on every node, and worked out once for all of them. */
export interface Programs {
  readonly catalogue: Catalogue;
  readonly behaviours: readonly Behaviour[];
}

/** `image`: the catalogue's entries (fixtures/images and what `podsim image add` brought). The image's own programs come first; then `shells`; then what is left. */
export function createPrograms(image: (repository: string) => ImageData | undefined, shells: readonly Behaviour[] = []): Programs {
  const catalogue = createCatalogue(image, imageTree);
  const others = programBehaviour((repository) => catalogue.image(repository, 'latest') !== undefined);
  return { catalogue, behaviours: [imageBehaviour(catalogue.image), ...shells, others] };
}
