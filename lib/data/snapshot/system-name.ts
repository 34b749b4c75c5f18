const SYSTEM_NAMES = new Set(['.ds_store', 'thumbs.db', 'desktop.ini', '__macosx', '@eadir', '.appledouble'])

/** A file or folder that an operating system or an archive program leaves behind. */
export function isSystemName(name: string): boolean {
  return SYSTEM_NAMES.has(name.toLowerCase()) || name.startsWith('._')
}
