'use client'

import { UploadImages } from '../../_upload/upload-images.tsx'

/** Images from this computer into a dataset that is there. */
export function UploadInto(props: { dataset: string; limitBytes: number; knownClasses: readonly string[] }) {
  return (
    <UploadImages
      limitBytes={props.limitBytes}
      knownClasses={props.knownClasses}
      prepare={async () => props.dataset}
    />
  )
}
