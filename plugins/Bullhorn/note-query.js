// Within a quoted text Lucene knows two characters of its own.
return settings.noteLookup === 'search' ? `externalID:"${`aria:${effect.key}`.replace(/["\\]/g, '\\$&')}" AND isDeleted:false` : null;
