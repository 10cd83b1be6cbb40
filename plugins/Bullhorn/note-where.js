return settings.noteLookup === 'query' ? `externalID='${`aria:${effect.key}`.replaceAll("'", "''")}' AND isDeleted=false` : null;
