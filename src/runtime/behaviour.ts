/** Image + command + environment → what the process will do: the behaviours in the order in which they are asked. */

import { commandBehaviour, knownProgramBehaviour } from './command-behaviour.js';
import { type ImageData, imageFor } from './image.js';
import { imageBehaviour } from './image-behaviour.js';
import type { Behaviour } from './process.js';

/** `first` (the shell) is asked before the simple reading of commands. */
export function behaviours(image: (repository: string) => ImageData | undefined, first: readonly Behaviour[] = []): readonly Behaviour[] {
  const lookUp = (repository: string, tag: string): ImageData | undefined => {
    const data = image(repository);
    return data === undefined ? undefined : imageFor(data, tag);
  };
  return [...first, commandBehaviour, imageBehaviour(lookUp), knownProgramBehaviour];
}
