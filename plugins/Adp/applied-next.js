const day = n => new Date(n).toISOString().slice(0, 10);
const [asked, skip] = (poll.next ?? `${day(Date.parse(poll.since) - 86400000)}:0`).split(':');
if ((response.body?.jobApplications ?? []).length === 100) return `${asked}:${Number(skip) + 100}`;
const next = day(Date.parse(asked) + 86400000);
return next <= day(Date.parse(poll.now) + 86400000) ? `${next}:0` : null;
