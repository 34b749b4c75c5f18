/** The modalities that every metrics reply reports on, whether or not the version has classes of both. */
export const KNOWN_MODALITIES = ['chest-xray', 'oct'] as const

/**
 * The imaging technique a finding class belongs to. The model card decides where it says something;
 * otherwise the name does: `lung-oct-*` is OCT, everything else chest X-ray.
 *
 * `Object.hasOwn` because folder names are free: a class may be called `constructor`.
 */
export function modalityOf(
  findingClass: string,
  cardModalities: Readonly<Record<string, string>> = {},
): string {
  const stated = Object.hasOwn(cardModalities, findingClass) ? cardModalities[findingClass] : undefined
  return stated ?? (findingClass.startsWith('lung-oct-') ? 'oct' : 'chest-xray')
}
