import type { Rendered } from '../rendered.ts'

/** That something was rendered, and by what, in a sentence. */
export function renderedSentence({ reference, program, digest, given, images }: Rendered): string {
  const found = images === 1 ? '1 image' : `${images} images`
  return `${reference}: rendered by ${program} (${digest}), ${given.join('; ')}: ${found}.`
}
