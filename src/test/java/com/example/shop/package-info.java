/** What somebody who uses Velo might write: the examples of {@code docs/extend.md}, and a test that runs them. */
package com.example.shop;
