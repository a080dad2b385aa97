/** What stands in the documents is so. */
package io.velo.docs;
