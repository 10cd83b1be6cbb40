// One list for each job that is looked at, or one of all: a page is '<which job>.<page of its list>', counted from 1 in the path.
const [which, page] = (poll.next ?? '0.1').split('.');
const job = settings.jobs == null ? '' : `/job_id/${encodeURIComponent(settings.jobs.split(',')[Number(which)])}`;
return `/applicants2jobs${job}/page/${page}`;
