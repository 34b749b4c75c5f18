/** 8-bit pixels without alpha: rows, then columns, then bands. One band is grey, three are red, green, blue. */
export type Raster = {
  width: number
  height: number
  bands: 1 | 3
  data: Uint8Array
}
