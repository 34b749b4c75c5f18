import Link from 'next/link'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { DATASET_VIEWS, type DatasetView } from './dataset-views.ts'
import classes from './view-links.module.css'

const TITLES: Readonly<Record<DatasetView, string>> = {
  overview: 'Overview',
  images: 'Images',
  snapshots: 'Snapshots',
  skipped: 'Skipped files',
  evaluations: 'Evaluations',
}

/** The parts of a dataset's page, each with an address of its own. */
export function ViewLinks({ dataset, view }: { dataset: string; view: DatasetView }) {
  return (
    <nav aria-label="Views of this dataset" className={classes.links} data-print="no">
      {DATASET_VIEWS.map((each) => (
        <Link
          key={each}
          href={each === 'overview' ? pageOfDataset(dataset) : `${pageOfDataset(dataset)}?view=${each}`}
          aria-current={each === view ? 'page' : undefined}
          className={classes.link}
        >
          {TITLES[each]}
        </Link>
      ))}
    </nav>
  )
}
