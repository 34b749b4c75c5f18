const MAX_SHOWN = 20

/** Which classes stop a run, and the remedy. */
export function describeUnknownClasses(classes: readonly string[]): string {
  const shown = classes.slice(0, MAX_SHOWN).map((name) => JSON.stringify(name))
  const more = classes.length > shown.length ? ` and ${classes.length - shown.length} more` : ''
  return (
    `The dataset has finding classes that the model version does not know: ${shown.join(', ')}${more}. ` +
    'Exclude their images (allowUnknownClasses), or choose another model version.'
  )
}
