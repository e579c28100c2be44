/// Tables in object stores, with servers in processes of their own.
@NullMarked
package dev.headrace.stores;

import org.jspecify.annotations.NullMarked;
