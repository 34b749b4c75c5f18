/** The dataset's finding classes that the version cannot predict; none while one of the two is not chosen. */
export function unknownClasses(
  version: { findingClasses: readonly string[] } | undefined,
  dataset: { findingClasses: readonly string[] } | undefined,
): string[] {
  if (version === undefined || dataset === undefined) return []
  return dataset.findingClasses.filter((name) => !version.findingClasses.includes(name))
}
